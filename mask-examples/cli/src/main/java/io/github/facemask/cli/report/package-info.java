/** Commands that write HTML reports and print traces. */
package io.github.facemask.cli.report;
