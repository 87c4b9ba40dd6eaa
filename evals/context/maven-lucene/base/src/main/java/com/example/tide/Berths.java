package com.example.tide;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;

final class Berths {
  private final IndexSearcher searcher;

  Berths(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  /** How many berths a harbour has. */
  long count(String harbour) throws IOException {
    TopDocs found = searcher.search(of(harbour), 1);
    return found.totalHits;
  }

  List<Long> depths(String harbour) throws IOException {
    Depths depths = new Depths();
    searcher.search(of(harbour), depths);
    return depths.all();
  }

  private static Query of(String harbour) {
    return new TermQuery(new Term("harbour", harbour));
  }
}
