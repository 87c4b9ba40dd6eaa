package com.example.scores;

import java.util.List;
import redis.clients.jedis.GeoRadiusResponse;
import redis.clients.jedis.GeoUnit;
import redis.clients.jedis.params.GeoRadiusParam;

/** Players around a place. */
public final class Nearby {
  private final Redis redis;
  private final Keys keys;

  Nearby(Redis redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  public void at(String player, double longitude, double latitude) {
    redis.call(jedis -> jedis.geoadd(keys.places(), longitude, latitude, player));
  }

  public List<String> within(double longitude, double latitude, double kilometres) {
    GeoRadiusParam closest = GeoRadiusParam.geoRadiusParam().sortAscending().count(20);
    List<GeoRadiusResponse> found =
        redis.call(jedis -> jedis.georadius(keys.places(), longitude, latitude, kilometres, GeoUnit.KM, closest));
    return found.stream().map(GeoRadiusResponse::getMemberByString).toList();
  }
}
