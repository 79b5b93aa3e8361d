/**
 * TorchScript programs written from Java: a module with tensors, attributes and methods, saved as
 * the archive that libtorch loads. Start with {@link io.github.facemask.script.ScriptModule}, which
 * {@link io.github.facemask.script.ScriptArchive} writes and {@link
 * io.github.facemask.script.Program} runs.
 */
package io.github.facemask.script;
