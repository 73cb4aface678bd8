/*
 * Passkeys: the one thing here that a page cannot do by itself, since only a script may ask the browser for a key.
 *
 * A form with data-passkey names the address that tells what to ask ("make" or "show" says which of the two). Its button
 * is hidden until this runs; the answer goes into the form's field "credential", and the form is sent as any other.
 */
"use strict";

(() => {
  const FROM_BASE64URL = { "-": "+", _: "/" };
  const TO_BASE64URL = { "+": "-", "/": "_", "=": "" };

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/[-_]/g, (sign) => FROM_BASE64URL[sign])), (sign) => sign.charCodeAt(0));

  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/[+/=]/g, (sign) => TO_BASE64URL[sign]);

  const withIds = (descriptors) => (descriptors || []).map((each) => ({ ...each, id: toBytes(each.id) }));

  const make = (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: { ...options.user, id: toBytes(options.user.id) },
        excludeCredentials: withIds(options.excludeCredentials),
      },
    });

  const show = (options) =>
    navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        allowCredentials: withIds(options.allowCredentials),
      },
    });

  const answerOf = (credential) => {
    const { response } = credential;
    const told = { clientDataJSON: toText(response.clientDataJSON) };
    if (response.attestationObject) {
      told.attestationObject = toText(response.attestationObject);
      told.transports = response.getTransports ? response.getTransports() : [];
    } else {
      told.authenticatorData = toText(response.authenticatorData);
      told.signature = toText(response.signature);
      told.userHandle = response.userHandle ? toText(response.userHandle) : null;
    }
    return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: told };
  };

  const ask = async (form) => {
    const answer = await fetch(form.dataset.options, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
    });
    const told = await answer.json();
    if (!answer.ok) {
      throw new Error(told.detail || told.title);
    }
    return told.options;
  };

  const run = async (form, button, said) => {
    button.disabled = true;
    said.textContent = form.dataset.waiting;
    try {
      const options = await ask(form);
      const credential = form.dataset.passkey === "make" ? await make(options) : await show(options);
      form.elements.credential.value = JSON.stringify(answerOf(credential));
      form.submit();
    } catch (error) {
      // What the browser says of a ceremony that was broken off is not made for people; what the house says is.
      const known = { InvalidStateError: form.dataset.known, NotAllowedError: form.dataset.stopped };
      const foreign = error instanceof DOMException;
      said.textContent = foreign ? known[error.name] || form.dataset.failed : error.message || form.dataset.failed;
      button.disabled = false;
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const said = form.querySelector("[role=status]");
    if (window.PublicKeyCredential && navigator.credentials) {
      button.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        run(form, button, said);
      });
    } else {
      said.textContent = form.dataset.unable;
    }
  }
})();
