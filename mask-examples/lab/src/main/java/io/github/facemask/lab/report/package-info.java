/** HTML pages made of sections; start with {@link io.github.facemask.lab.report.HtmlReport}. */
package io.github.facemask.lab.report;
