package com.example.payroll.write;

import org.apache.poi.hssf.util.HSSFColor;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.Font;
import org.apache.poi.ss.usermodel.Workbook;

/** The styles of one workbook; a workbook must not have too many. */
final class Styles {
  final CellStyle heading;
  final CellStyle number;
  final CellStyle warning;

  Styles(Workbook book) {
    Font bold = book.createFont();
    bold.setBoldweight(Font.BOLDWEIGHT_BOLD);

    heading = book.createCellStyle();
    heading.setFont(bold);
    heading.setAlignment(CellStyle.ALIGN_CENTER);
    heading.setBorderBottom(CellStyle.BORDER_THIN);

    number = book.createCellStyle();
    number.setDataFormat(book.createDataFormat().getFormat("0.00"));

    warning = book.createCellStyle();
    warning.cloneStyleFrom(number);
    warning.setFillForegroundColor(HSSFColor.ROSE.index);
    warning.setFillPattern(CellStyle.SOLID_FOREGROUND);
  }
}
