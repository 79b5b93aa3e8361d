/**
 * The faces of photos over HTTP, and a page that shows them; start with {@link
 * io.github.facemask.serve.FaceService}.
 */
package io.github.facemask.serve;
