package com.example.payroll.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.TreeMap;

public final class Totals {
  private static final BigDecimal FULL = new BigDecimal(160);

  public static List<Total> of(List<Shift> shifts) {
    TreeMap<String, BigDecimal> hours = new TreeMap<>();
    for (Shift shift : shifts) {
      hours.merge(shift.employee(), shift.hours(), BigDecimal::add);
    }
    return hours.entrySet().stream()
        .map(entry -> new Total(entry.getKey(), entry.getValue(), entry.getValue().compareTo(FULL) > 0))
        .toList();
  }

  private Totals() {}
}
