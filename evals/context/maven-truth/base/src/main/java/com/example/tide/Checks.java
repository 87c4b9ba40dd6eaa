package com.example.tide;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;

public final class Checks {
  static void all(List<Berth> berths) {
    assertThat(berths).named("berths").isNotEmpty();
    for (Berth berth : berths) {
      assertWithMessage("depth of %s", berth.harbour()).that(berth.depth()).isGreaterThan(0);
      BerthSubject.assertThat(berth).isIn("Kiel");
      BerthSubject.assertThat(berth).isDeep();
    }
  }

  private Checks() {}
}
