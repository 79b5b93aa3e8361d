/**
 * ONNX graphs written from networks and their weights, and run with ONNX Runtime; see {@link
 * io.github.facemask.internal.onnx.OnnxModel}. Not part of the public API.
 */
package io.github.facemask.internal.onnx;
