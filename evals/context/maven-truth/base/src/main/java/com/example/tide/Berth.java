package com.example.tide;

public record Berth(String harbour, int depth) {}
