package com.example.payroll.model;

import java.math.BigDecimal;
import java.time.LocalDate;

public record Shift(String employee, LocalDate day, BigDecimal hours, String remark) {}
