package com.example.tide;

import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.representer.Representer;

public final class Writer {
  static final class Plain extends Representer {
    Plain() {
      setDefaultScalarStyle(null);
    }
  }

  public String write(Object value) {
    return new Yaml(new Plain()).dump(value);
  }
}
