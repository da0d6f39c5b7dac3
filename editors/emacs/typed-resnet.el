;;; typed-resnet.el --- Shapes of tensors as you write  -*- lexical-binding: t; -*-

;; Emacs 29 or newer, or eglot from GNU ELPA: (load "/…/typed-resnet.el"), and `M-x eglot' in a
;; Python file. `eglot-inlay-hints-mode' shows the hints.

(require 'eglot)

(add-to-list
 'eglot-server-programs
 '((python-mode python-ts-mode)
   . ("typed-resnet" "lsp" :initializationOptions (:callHints t))))

(provide 'typed-resnet)
;;; typed-resnet.el ends here
