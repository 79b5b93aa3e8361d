/**
 * Synthetic photos of faces in the competition's layout; start with {@link
 * io.github.facemask.lab.synthetic.SyntheticFaces}.
 */
package io.github.facemask.lab.synthetic;
