/** A test kit that opens pages in a real browser; start with {@link Chromium}. */
package io.github.facemask.browser;
