package com.example.tide;

import com.google.common.truth.FailureMetadata;
import com.google.common.truth.Subject;
import com.google.common.truth.Truth;

/** What is asserted of a berth. */
public final class BerthSubject extends Subject<BerthSubject, Berth> {
  private BerthSubject(FailureMetadata metadata, Berth berth) {
    super(metadata, berth);
  }

  public static BerthSubject assertThat(Berth berth) {
    return Truth.assertAbout(BerthSubject::new).that(berth);
  }

  public void isDeep() {
    if (actual().depth() < 10) fail("is deep");
  }

  public void isIn(String harbour) {
    check("harbour()").that(actual().harbour()).named("harbour").isEqualTo(harbour);
  }
}
