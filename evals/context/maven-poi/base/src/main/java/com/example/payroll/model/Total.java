package com.example.payroll.model;

import java.math.BigDecimal;

public record Total(String employee, BigDecimal hours, boolean overtime) {}
