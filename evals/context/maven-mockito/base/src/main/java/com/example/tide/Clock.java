package com.example.tide;

public interface Clock {
  int hour(String zone);
}
