package com.example.scores;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

final class Report {

  static String of(String game, List<Standing> standings) {
    return standings.stream()
        .map(one -> String.format(Locale.ROOT, "%3d. %-16s %8.1f", one.rank(), one.player(), one.points()))
        .collect(Collectors.joining("\n", game + "\n", "\n"));
  }

  private Report() {}
}
