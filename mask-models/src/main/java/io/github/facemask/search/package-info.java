/**
 * Search for training options: grids, random draws and successive halving; start with {@link
 * io.github.facemask.search.Search}.
 */
package io.github.facemask.search;
