package com.example.tide;

import com.google.common.base.CharMatcher;

public final class Names {
  public String bare(String name) {
    return CharMatcher.WHITESPACE.removeFrom(name);
  }
}
