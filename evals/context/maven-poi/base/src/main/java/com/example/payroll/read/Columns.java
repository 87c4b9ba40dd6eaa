package com.example.payroll.read;

/** Where a depot writes what. */
public record Columns(int firstRow, int employee, int day, int hours, int remark) {
  public static final Columns USUAL = new Columns(1, 0, 1, 2, 3);
}
