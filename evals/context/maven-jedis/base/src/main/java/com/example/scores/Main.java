package com.example.scores;

public final class Main {

  public static void main(String[] args) {
    Settings settings = Settings.from(System.getenv());
    Keys keys = new Keys(settings.prefix());
    try (Redis redis = new Redis(settings)) {
      if (args.length == 1 && args[0].equals("--sweep")) {
        System.out.println(new Sweeper(redis, keys).sweep());
        return;
      }
      for (String game : args) {
        Board board = new Board(redis, keys.board(game));
        System.out.print(Report.of(game, board.top(10)));
        System.out.println(board.above(1000).size() + " of " + board.size() + " above 1000");
      }
    }
  }

  private Main() {}
}
