package com.example.tide;

import com.google.common.base.Objects;

public final class Berth {
  private final String name;

  public Berth(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return Objects.toStringHelper(this).add("name", name).toString();
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(name);
  }
}
