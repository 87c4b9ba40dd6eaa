package com.example.payroll.read;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import org.apache.poi.hssf.usermodel.HSSFDateUtil;
import org.apache.poi.ss.usermodel.Cell;

/** What is in a cell, however the office typed it. */
final class Cells {

  static String text(Cell cell) {
    if (cell == null) return "";
    switch (cell.getCellType()) {
      case Cell.CELL_TYPE_STRING:
        return cell.getStringCellValue().trim();
      case Cell.CELL_TYPE_NUMERIC:
        return BigDecimal.valueOf(cell.getNumericCellValue()).stripTrailingZeros().toPlainString();
      case Cell.CELL_TYPE_BOOLEAN:
        return cell.getBooleanCellValue() ? "yes" : "no";
      default:
        return "";
    }
  }

  static BigDecimal number(Cell cell) {
    if (cell != null && cell.getCellType() == Cell.CELL_TYPE_NUMERIC) {
      return BigDecimal.valueOf(cell.getNumericCellValue());
    }
    String text = text(cell).replace(',', '.');
    return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text);
  }

  static LocalDate day(Cell cell) {
    if (HSSFDateUtil.isCellDateFormatted(cell)) {
      return cell.getDateCellValue().toInstant().atZone(ZoneId.systemDefault()).toLocalDate();
    }
    throw new BadSheetException("no date in row " + (cell.getRowIndex() + 1));
  }

  private Cells() {}
}
