package com.example.scores;

/** Counts how often a player came within the window. */
public final class Visits {
  private final Redis redis;
  private final Keys keys;
  private final Settings settings;

  Visits(Redis redis, Keys keys, Settings settings) {
    this.redis = redis;
    this.keys = keys;
    this.settings = settings;
  }

  public int come(String player) {
    String key = keys.visits(player);
    return redis.call(
        jedis -> {
          int count = jedis.incr(key).intValue();
          if (count == 1) {
            jedis.expire(key, (int) settings.visitWindow().toSeconds());
          }
          return count;
        });
  }
}
