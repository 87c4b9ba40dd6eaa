package com.example.tide;

import org.jsoup.Jsoup;

public final class Comments {
  private final Policy policy = new Policy();

  public String clean(String html) {
    return Jsoup.clean(html, policy.allowed());
  }
}
