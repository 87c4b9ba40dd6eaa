package com.example.tide;

import org.jsoup.safety.Whitelist;

public final class Policy {
  Whitelist allowed() {
    return Whitelist.basic().addTags("h3");
  }
}
