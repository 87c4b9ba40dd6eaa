package com.example.scores;

import java.util.List;
import java.util.Set;

/** The points of one game. */
public final class Board {
  private final Redis redis;
  private final String key;

  Board(Redis redis, String key) {
    this.redis = redis;
    this.key = key;
  }

  public double score(String player, double points) {
    return redis.call(jedis -> jedis.zincrby(key, points, player));
  }

  public List<Standing> top(int count) {
    return Standings.of(redis.call(jedis -> jedis.zrevrangeWithScores(key, 0, count - 1)));
  }

  public Set<String> above(double points) {
    return redis.call(jedis -> jedis.zrangeByScore(key, String.valueOf(points), "+inf"));
  }

  public int size() {
    return redis.call(jedis -> jedis.zcard(key).intValue());
  }
}
