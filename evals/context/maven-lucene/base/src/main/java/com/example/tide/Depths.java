package com.example.tide;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.SimpleCollector;

/** Collects the depth of every berth that is found. */
final class Depths extends SimpleCollector {
  private final List<Long> all = new ArrayList<>();
  private NumericDocValues values;

  @Override
  protected void doSetNextReader(LeafReaderContext context) throws IOException {
    values = context.reader().getNumericDocValues("depth");
  }

  @Override
  public void collect(int doc) throws IOException {
    if (values != null && values.advanceExact(doc)) all.add(values.longValue());
  }

  @Override
  public boolean needsScores() {
    return false;
  }

  List<Long> all() {
    return all;
  }
}
