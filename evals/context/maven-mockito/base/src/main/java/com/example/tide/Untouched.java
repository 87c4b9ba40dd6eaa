package com.example.tide;

import static org.mockito.Mockito.verifyZeroInteractions;

public final class Untouched {
  static void check(Clock clock) {
    verifyZeroInteractions(clock);
  }
}
