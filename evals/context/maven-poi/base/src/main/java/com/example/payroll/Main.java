package com.example.payroll;

import com.example.payroll.model.Shift;
import com.example.payroll.model.Totals;
import com.example.payroll.read.BadSheetException;
import com.example.payroll.read.Columns;
import com.example.payroll.read.ShiftReader;
import com.example.payroll.write.TotalsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

public final class Main {

  public static void main(String[] args) throws IOException {
    ShiftReader reader = new ShiftReader(Columns.USUAL);
    List<Shift> shifts = new ArrayList<>();
    for (int index = 1; index < args.length; index++) {
      try (InputStream stream = Files.newInputStream(Path.of(args[index]))) {
        shifts.addAll(reader.read(stream));
      } catch (BadSheetException e) {
        System.err.println(args[index] + ": " + e.getMessage());
        System.exit(1);
      }
    }
    try (OutputStream stream = Files.newOutputStream(Path.of(args[0]))) {
      new TotalsWriter().write(Totals.of(shifts), stream);
    }
  }

  private Main() {}
}
