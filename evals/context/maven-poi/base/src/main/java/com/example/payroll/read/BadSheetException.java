package com.example.payroll.read;

public class BadSheetException extends RuntimeException {
  public BadSheetException(String message) {
    super(message);
  }
}
