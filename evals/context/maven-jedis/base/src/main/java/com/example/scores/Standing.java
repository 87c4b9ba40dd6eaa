package com.example.scores;

public record Standing(int rank, String player, double points) {}
