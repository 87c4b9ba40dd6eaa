package com.example.tide;

final class Lookup {
  static String of(Services services, String key) {
    return services.cache.get(key, String::toUpperCase);
  }
}
