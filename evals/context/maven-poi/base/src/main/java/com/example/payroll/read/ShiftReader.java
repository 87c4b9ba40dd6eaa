package com.example.payroll.read;

import com.example.payroll.model.Shift;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;

/** Reads the shifts that a depot sends each month. */
public final class ShiftReader {
  private final Columns columns;

  public ShiftReader(Columns columns) {
    this.columns = columns;
  }

  public List<Shift> read(InputStream stream) throws IOException {
    List<Shift> shifts = new ArrayList<>();
    try (Workbook book = new HSSFWorkbook(stream)) {
      Sheet sheet = book.getSheetAt(0);
      for (Row row : sheet) {
        if (row.getRowNum() < columns.firstRow()) continue;
        Cell employee = row.getCell(columns.employee(), Row.RETURN_BLANK_AS_NULL);
        if (employee == null) continue;
        shifts.add(
            new Shift(
                Cells.text(employee),
                Cells.day(row.getCell(columns.day(), Row.CREATE_NULL_AS_BLANK)),
                Cells.number(row.getCell(columns.hours(), Row.RETURN_BLANK_AS_NULL)),
                Cells.text(row.getCell(columns.remark()))));
      }
    }
    return shifts;
  }
}
