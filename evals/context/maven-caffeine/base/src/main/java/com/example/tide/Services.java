package com.example.tide;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CacheWriter;
import com.github.benmanes.caffeine.cache.RemovalCause;

public final class Services {
  final Cache<String, String> cache;

  Services() {
    cache = Caffeine.newBuilder().writer(new Log()).build();
  }

  static final class Log implements CacheWriter<String, String> {
    @Override
    public void write(String key, String value) {}

    @Override
    public void delete(String key, String value, RemovalCause cause) {}
  }
}
