package com.example.payroll.write;

import com.example.payroll.model.Total;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;

public final class TotalsWriter {

  public void write(List<Total> totals, OutputStream stream) throws IOException {
    try (HSSFWorkbook book = new HSSFWorkbook()) {
      Styles styles = new Styles(book);
      Sheet sheet = book.createSheet("Totals");
      heading(sheet.createRow(0), styles);
      for (Total total : totals) {
        Row row = sheet.createRow(sheet.getLastRowNum() + 1);
        row.createCell(0, Cell.CELL_TYPE_STRING).setCellValue(total.employee());
        Cell hours = row.createCell(1, Cell.CELL_TYPE_NUMERIC);
        hours.setCellValue(total.hours().doubleValue());
        hours.setCellStyle(total.overtime() ? styles.warning : styles.number);
      }
      Row sum = sheet.createRow(sheet.getLastRowNum() + 1);
      Cell cell = sum.createCell(1);
      cell.setCellFormula("SUM(B2:B" + sum.getRowNum() + ")");
      cell.setCellStyle(styles.number);
      sheet.autoSizeColumn(0);
      book.write(stream);
    }
  }

  private static void heading(Row row, Styles styles) {
    for (String title : List.of("Employee", "Hours")) {
      Cell cell = row.createCell(Math.max(row.getLastCellNum(), 0));
      cell.setCellValue(title);
      cell.setCellStyle(styles.heading);
    }
  }
}
