package com.example.tide;

import static org.mockito.Matchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

public final class Fakes {
  static Clock noon() {
    Clock clock = mock(Clock.class);
    when(clock.hour(anyString())).thenReturn(12);
    return clock;
  }
}
