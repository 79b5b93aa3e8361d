/**
 * Face photos that are drawn, not taken, in the competition's layout, for tests, demonstrations and
 * measurements without anybody's picture; start with {@link
 * io.github.facemask.synthetic.SyntheticFaces}.
 */
package io.github.facemask.synthetic;
