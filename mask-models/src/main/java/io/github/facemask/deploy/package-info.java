/**
 * A trained network written as the program that runs fastest: passes over a list of its operations,
 * then the program; start with {@link io.github.facemask.deploy.DeployProgram}.
 */
package io.github.facemask.deploy;
