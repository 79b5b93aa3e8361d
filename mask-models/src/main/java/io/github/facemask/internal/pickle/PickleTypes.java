package io.github.facemask.internal.pickle;

import java.util.List;

/**
 * The types that a pickle may name besides Python's own containers. Implementations see names and
 * arguments and return values; there is no code from the pickle that they could run.
 */
public interface PickleTypes {

  /** How a class or function is dealt with. */
  enum Treatment {
    /** The pickle is refused. */
    REFUSED,
    /** It may be named; a call goes to {@link PickleTypes#build}. */
    BUILT,
    /** It may be named; a call makes a {@link PickleObject}. */
    OPAQUE
  }

  /**
   * Returns the treatment of a class or function.
   *
   * @param name the module and the name in it
   * @return how it is dealt with
   */
  Treatment treatment(String name);

  /**
   * Makes the value of a call.
   *
   * @param name what is called; its treatment is BUILT
   * @param arguments the positional arguments
   * @return the value
   * @throws PickleException if the arguments are not as expected
   */
  Object build(String name, List<Object> arguments) throws PickleException;

  /**
   * Makes the value that a persistent id stands for.
   *
   * @param id the id
   * @return the value
   * @throws PickleException if the id is not as expected
   */
  Object persistent(Object id) throws PickleException;

  /** Plain Python only: every other name and every persistent id is refused. */
  PickleTypes NONE =
      new PickleTypes() {
        @Override
        public Treatment treatment(String name) {
          return Treatment.REFUSED;
        }

        @Override
        public Object build(String name, List<Object> arguments) throws PickleException {
          throw new PickleException("calls " + PickleException.quote(name));
        }

        @Override
        public Object persistent(Object id) throws PickleException {
          throw new PickleException("has a persistent id, expected plain values");
        }
      };
}
