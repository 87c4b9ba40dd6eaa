package com.example.scores;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Tuple;

/** Makes ranks of what the board gives; equal points get the same rank. */
final class Standings {

  static List<Standing> of(Set<Tuple> tuples) {
    List<Standing> standings = new ArrayList<>();
    int rank = 0;
    double last = Double.NaN;
    for (Tuple tuple : tuples) {
      if (tuple.getScore() != last) {
        rank = standings.size() + 1;
      }
      last = tuple.getScore();
      standings.add(new Standing(rank, tuple.getElement(), tuple.getScore()));
    }
    return standings;
  }

  private Standings() {}
}
