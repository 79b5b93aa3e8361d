/**
 * Pages for people, made of sections and complete in one HTML file; start with {@link
 * io.github.facemask.report.HtmlReport}.
 */
package io.github.facemask.report;
