package com.example.scores;

import java.time.Duration;
import java.util.Map;

/** What the service is told by its environment. */
public record Settings(String host, int port, String prefix, Duration visitWindow) {

  public static Settings from(Map<String, String> env) {
    return new Settings(
        env.getOrDefault("SCORES_REDIS_HOST", "localhost"),
        Integer.parseInt(env.getOrDefault("SCORES_REDIS_PORT", "6379")),
        env.getOrDefault("SCORES_PREFIX", "scores"),
        Duration.ofMinutes(Long.parseLong(env.getOrDefault("SCORES_VISIT_MINUTES", "15"))));
  }
}
