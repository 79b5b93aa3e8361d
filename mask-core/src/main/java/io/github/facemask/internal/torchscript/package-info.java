/**
 * TorchScript programs written from Java, loaded and called; start with {@link
 * io.github.facemask.internal.torchscript.ScriptModule}. Not part of the public API.
 */
package io.github.facemask.internal.torchscript;
