package com.example.scores;

import java.util.function.Function;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;

/** Lends a connection for one call. */
public final class Redis implements AutoCloseable {
  private final JedisPool pool;

  public Redis(Settings settings) {
    this.pool = new JedisPool(settings.host(), settings.port());
  }

  public <T> T call(Function<Jedis, T> work) {
    try (Jedis jedis = pool.getResource()) {
      return work.apply(jedis);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
