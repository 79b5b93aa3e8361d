/**
 * A complete training configuration as one value, written to JSON and read back; start with {@link
 * io.github.facemask.recipe.TrainingRecipe}.
 */
package io.github.facemask.recipe;
