package com.example.tide;

import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

public final class Reader {
  private final Yaml yaml = new Yaml(new SafeConstructor());

  public Map<String, Object> read(String text) {
    return yaml.load(text);
  }
}
