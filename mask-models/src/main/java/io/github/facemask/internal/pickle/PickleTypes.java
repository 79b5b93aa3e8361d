package io.github.facemask.internal.pickle;

import java.util.List;

/**
 * The types that a pickle may name besides Python's built-in containers. Implementations get names
 * and arguments and return values. They never run code from the pickle.
 */
public interface PickleTypes {

  /** The treatment of a class or function. */
  enum Treatment {
    /** The pickle is refused. */
    REFUSED,
    /** It is allowed; a call goes to {@link PickleTypes#build}. */
    BUILT,
    /** It is allowed; a call returns a {@link PickleObject}. */
    OPAQUE
  }

  /**
   * Returns the treatment of a class or function.
   *
   * @param name the module and the name in it
   * @return the treatment
   */
  Treatment treatment(String name);

  /**
   * Returns the value of a call.
   *
   * @param name the called class or function; its treatment is BUILT
   * @param arguments the positional arguments
   * @return the value
   * @throws PickleException if the arguments are not as expected
   */
  Object build(String name, List<Object> arguments) throws PickleException;

  /**
   * Returns the value of a persistent id.
   *
   * @param id the id
   * @return the value
   * @throws PickleException if the id is not as expected
   */
  Object persistent(Object id) throws PickleException;

  /**
   * Allows only Python's built-in containers. Every other name and every persistent id is refused.
   */
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
