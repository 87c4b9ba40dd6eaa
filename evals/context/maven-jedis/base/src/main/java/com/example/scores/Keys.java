package com.example.scores;

final class Keys {
  private final String prefix;

  Keys(String prefix) {
    this.prefix = prefix;
  }

  String board(String game) {
    return prefix + ":board:" + game;
  }

  String visits(String player) {
    return prefix + ":visits:" + player;
  }

  String places() {
    return prefix + ":places";
  }

  String all() {
    return prefix + ":*";
  }
}
