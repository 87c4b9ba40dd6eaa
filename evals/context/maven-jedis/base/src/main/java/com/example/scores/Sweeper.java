package com.example.scores;

import redis.clients.jedis.ScanParams;
import redis.clients.jedis.ScanResult;

/** Takes away all that the service ever wrote. */
public final class Sweeper {
  private final Redis redis;
  private final Keys keys;

  Sweeper(Redis redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  public long sweep() {
    ScanParams params = new ScanParams().match(keys.all()).count(500);
    String cursor = ScanParams.SCAN_POINTER_START;
    long swept = 0;
    do {
      String from = cursor;
      ScanResult<String> page = redis.call(jedis -> jedis.scan(from, params));
      for (String key : page.getResult()) {
        swept += redis.call(jedis -> jedis.del(key));
      }
      cursor = page.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    return swept;
  }
}
